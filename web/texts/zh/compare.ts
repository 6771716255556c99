import type { enCompare } from '../en/compare.ts'
import type { Texts } from '../en.ts'

export const zhCompare: Pick<Texts, keyof typeof enCompare> = {
  compareTitle: '比较',
  compareBefore: '之前',
  compareAfter: '之后',
  compareSwap: '互换之前与之后',
  compareMissing: '请选择两个 profile：在列表中选中两个，或打开一个再比较。',
  compareSame: '两边是同一个 profile。',
  compareFailed: '这两个 profile 无法比较。',
  compareNotLoaded: '无法加载这两个 profile。',
  comparePer: '数值',
  comparePers: { second: '每秒', profile: '原始值', request: '每个请求' },
  compareRates: (before, after, metric) => `请求 ${before}/s → ${after}/s（${metric}）`,
  perRequest: (value) => `${value}/请求`,
  compareKindOf: '要比较的 profile',
  compareUnlike: '两次采集没有同一种类的 profile。',
  compareSides: { all: '全部三张', both: '差异', before: '之前', after: '之后' },
  compareShown: '火焰图',
  compareHint: '指向一个帧可查看其变化；点击同时缩放所有图。',
  compareOpenBefore: '在之前的 profile 中打开',
  compareOpenAfter: '在之后的 profile 中打开',
  compareNothing: '没有超出采样噪声的变化。',
  compareSentence: ({ what, hasGrown, before, after, rest }) =>
    `${what} 从 ${before.replace(/\w$/, '$& ')}${hasGrown ? '增加' : '减少'}到 ${after}；${rest}。`,
  compareRest: (count) =>
    count === 0 ? '其余均在噪声范围内' : `另有 ${count} 个函数的变化超出噪声`,
  compareTotal: (before, after) => `总计 ${before} → ${after}`,
  compareFindings: '发现',
  compareFindingIn: { new: '新出现', gone: '已消失', stays: '两边都有' },
  compareNoFindings: '两边都没有发现。',
  compareFunctionsNone: '没有函数发生变化。',
  compareFunctions: '有变化的函数',
  compareChange: '变化',
  compareKind: '类别',
  compareStatus: {
    grew: '增长',
    shrank: '减少',
    new: '新出现',
    gone: '已消失',
    same: '不变',
    noise: '噪声范围内',
  },
  compareNoiseShown: (count) => `也显示噪声范围内的 ${count} 处变化`,
  compareLegend:
    '差异图的宽度为两边之和。橙色增长，蓝色减少，灰色不变或在噪声范围内；条纹为新出现，描边为已消失。',
  compareNearest: (side, match, name) =>
    match === 'other'
      ? `与 ${name} 比较`
      : `与${side === 'before' ? '上一个' : '下一个'}比较（${name}）`,
  compareMatches: {
    process: '属于同一进程。',
    instance: '属于同一实例，期间可能重启过。',
    component: '属于同一组件；两者都未说明是哪个实例。',
    other: '属于同一组件的其他实例；本实例没有别的可比较。',
  },
  compareSelect: (name) => `选择 ${name} 进行比较`,
  compareSelected: (count) => `已选 ${count} 个`,
  compareStart: '比较这两个',
  compareClear: '清除选择',
}
