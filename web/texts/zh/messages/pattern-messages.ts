import type { Sentences } from '../translate-message.ts'

/** What RE2's compiler says of an expression, and what kubeprof says around it. */
export const PATTERN_MESSAGES: Sentences = {
  'the pattern is not valid: {1q}': '正则表达式无效：{1}',
  'the pattern of "{1w}" is not valid: {2q}': '“{1}”中的正则表达式无效：{2}',
  'the pattern of a selector is not valid: {1q}': '选择器中的正则表达式无效：{1}',
  'a pattern of a selector has at most {1} characters': '选择器中的正则表达式最多 {1} 个字符',
  'the selector {1} cannot be read at "{2}": write {label="value"}, with = != =~ !~ and commas between':
    '无法解析选择器 {1}，错误在“{2}”处：请写成 {label="value"}，运算符为 = != =~ !~，多个条件用逗号分隔',
  'error parsing regexp: {1q}: `{2}`': '{1}：`{2}`',
  'error parsing regexp: {1q}': '{1}',
  'duplicate capture group name': '捕获组重名',
  'regexp/syntax: internal error': '正则表达式解析器内部错误',
  'invalid capture in lookbehind': '后行断言中的捕获无效',
  'invalid character class range': '字符类的范围无效',
  'invalid escape sequence': '转义序列无效',
  'invalid named capture': '命名捕获组无效',
  'invalid or unsupported Perl syntax': 'Perl 语法无效或不受支持',
  'invalid nested repetition operator': '重复运算符不能嵌套',
  'invalid repeat count': '重复次数无效',
  'expression too large': '表达式过大',
  'missing closing ]': '缺少右方括号 ]',
  'missing closing )': '缺少右括号 )',
  'missing argument to repetition operator': '重复运算符前缺少内容',
  'expression nests too deeply': '表达式嵌套过深',
  'trailing backslash at end of expression': '表达式末尾有多余的反斜杠',
  'unexpected )': '多余的右括号 )',
}
