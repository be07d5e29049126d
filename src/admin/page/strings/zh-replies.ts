import type { Strings } from './en.ts';

export const replies: Strings['replies'] = {
  heading: '应答',
  status: 'HTTP 状态码',
  took: '应答耗时',
  milliseconds: (count) => `${count} 毫秒`,
  notKept: '未保存应答内容：其中含有消息内容（KEEP_MESSAGES=false）。',
  notRecorded: '没有记录。经暂存队列写入的回调不记录应答；接收端异常退出时，最后一秒内的应答也不会留下记录。',
};
