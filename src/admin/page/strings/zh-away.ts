import type { Strings } from './en.ts';

export const away: Strings['away'] = {
  heading: '数据库连接中断',
  headingFile: '数据库无法写入',
  since: '自',
  taken: '回调仍会接收并应答，暂时保存在本机的暂存队列中。',
  notTaken: '目前对回调返回 503，厂商不会重发；事前回调仍会应答。',
  waiting: (_count, shown) => `有 ${shown} 条在等待，`,
  oldest: '最早的一条收到于',
  end: '。',
  missing: '恢复之前，列表和详情保持最后一次读取的内容，无法重新判定、忽略或投递。恢复后一切自动继续。',
  missingFile: '磁盘可能已满，或文件被其他进程锁定。已保存的内容仍可读取。可以写入后会自动恢复。',
  needed: '数据库连接中断，恢复后即可使用。',
};
