import type { Texts } from '../en.ts'
import type { enLocal } from '../en/local.ts'

export const zhLocal: Pick<Texts, keyof typeof enLocal> = {
  localBadge: '本地：不发送任何内容',
  localTitle: '在此浏览器中打开',
  localLead:
    '文件在此浏览器中读取、诊断和显示。不向服务器发送任何内容，也不保存；关闭页面后即消失。',
  localLoading: '正在加载无需服务器的部分……',
  localReady: '全部加载完毕：从现在起此页面不发出任何请求，可以离线使用。',
  localNotReady: '部分内容未能加载',
  localForms:
    'pprof（gzip、zstd 或未压缩）、Go 文本转储、折叠堆栈、speedscope。同一进程的文件（文件夹、.tar.gz、.tar.zst 或 .zip，含指标、日志和执行跟踪）一起诊断。',
  localFiles: (count: number) => `${count} 个文件`,
  localOpened: '已在此浏览器中打开',
  localChooseTwo: '选择两个以进行比较。',
  localUnlike: '采集只能与采集比较，profile 只能与 profile 比较。',
  localOther: '其他文件',
  localLeave: '返回服务器的页面',
  localGoneTitle: '此文件已不再打开',
  localGoneLead: '在浏览器中打开的文件，关闭或重新加载页面后就不在了。',
  localOffer: '打开但不发送',
  localOfferHint: '在此浏览器中读取和诊断',
}
