/** Texts on how a callback was answered. */
export const replies = {
  heading: 'Reply',
  status: 'HTTP status',
  took: 'Time to reply',
  milliseconds: (count: number) => `${count} ms`,
  notKept: 'The body is not kept: it held the content of a message (KEEP_MESSAGES=false).',
  notRecorded:
    'Not recorded. The replies to callbacks that waited in the spool are not, nor those of the last second before a receiver ended abruptly.',
};
