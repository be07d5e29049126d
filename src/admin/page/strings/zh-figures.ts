import type { Strings } from './en.ts';

export const figures: Strings['figures'] = {
  errorRate: '错误率',
  errors: (invalid, notTaken) => `最近 5 分钟：${invalid} 个无效，${notTaken} 个未受理`,
  noErrors: '最近 5 分钟没有错误',
  decisions: '每分钟决定数',
  decided: (refused, fallback) => `${refused} 个拒绝，${fallback} 个按默认设置决定`,
  lag: '投递积压',
  noConsumer: '还没有代码处理回调',
  noLag: '已全部投递',
  lagOf: '待投递的消费者：',
  beyond: '▲ 超出坐标轴的数值，旁边标出其大小。',
  logarithmic: '对数坐标。',
};
