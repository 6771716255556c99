import type { enExport } from '../en/export.ts'
import type { Texts } from '../en.ts'

export const zhExport: Pick<Texts, keyof typeof enExport> = {
  download: '导出',
  exportShown: '当前内容',
  exportFiltered: '过滤后的内容',
  exportFiles: '存储的内容',
  exportSvg: '图片 (SVG)',
  exportPng: '图片 (PNG)',
  exportPage: '可离线使用的页面 (HTML)',
  exportMarkdown: '复制为 Markdown',
  exportFormats: {
    pprof: 'pprof',
    folded: '折叠栈',
    speedscope: 'speedscope',
    csv: 'CSV 表格',
    json: 'JSON',
  },
  exportRunning: '正在准备导出……',
  exportFailed: '导出失败。',
  downloadRaw: '原始文件',
  fileFaults: {
    missing: '服务器存储中已没有上传的文件。此前从中读出的内容仍可查看。',
    corrupt: '服务器存储中的上传文件已损坏。此前从中读出的内容仍可查看。',
  },
  uploadIgnored: (fields) => `capture.json 中未读取的内容：${fields}`,
  uploadSkipped: (names) => `以下条目不是文件，已略去：${names}`,
  exportMadeAt: (time) => `由 kubeprof 于 ${time} 生成，来自`,
  exportChain: '略去过滤链',
  exportPicture: 'Profile',
  exportHint: '点击放大，Esc 缩小，/ 搜索，Enter 到下一个匹配。',
  exportUnreadable: '无法绘制这幅图。',
}
