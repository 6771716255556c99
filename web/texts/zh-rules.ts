import type { Texts } from './en.ts'
import type { enRules } from './en-rules.ts'

export const zhRules: Pick<Texts, keyof typeof enRules> = {
  navRules: '规则',

  rulesTitle: '规则',
  rulesLead: 'profile 依据这些规则判断：每个结论的含义以及如何处理。',
  rulesFailed: '无法加载规则。',
  rulesFilter: '筛选规则',
  rulesNone: '没有匹配的规则。',
  rulesFamily: {
    any: '任意组件',
    apiserver: 'kube-apiserver',
    client: 'API 客户端（client-go）',
    containerd: 'containerd',
    etcd: 'etcd',
    kcm: 'kube-controller-manager',
    kubelet: 'kubelet',
    runtime: 'Go 运行时',
    scheduler: 'kube-scheduler',
    x: '综合多个 profile',
  },
  ruleOwn: '自定义',
  ruleFailed: '无法加载该规则。',
  ruleScope: '适用于',
  ruleVersions: (versions) => `Kubernetes ${versions}`,
  ruleGoVersions: (versions) => `Go ${versions}`,
  ruleReads: (reads) => (reads === 'several' ? '其他规则的结论' : reads),
  ruleLevels: '触发条件',
  ruleRemarks: '注意',
  ruleRemedy: '如何处理',
  ruleNext: '如何确认与进一步查看',
  ruleCases: '小示例',
  ruleCaseFires: '触发',
  ruleCaseSilent: '不触发',
  ruleFile: '规则原文',
  ruleAll: '所有规则',
}
