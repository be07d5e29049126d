/** Texts on a database that is away. */
export const away = {
  heading: 'The database is away',
  headingFile: 'The database cannot be written',
  since: 'since',
  taken: 'Callbacks are still taken and answered: they wait in the spool on this machine.',
  notTaken: 'Callbacks are refused with 503, which the vendor does not repeat; before-callbacks are still answered.',
  waiting: (count: number, shown: string) => (count === 1 ? 'One waits there,' : `${shown} wait there,`),
  oldest: 'the oldest came',
  end: '.',
  missing:
    'Until it is back, lists and details stay as they were last read, and nothing can be retried, ignored or delivered. The receiver recovers by itself.',
  missingFile:
    'The disk may be full, or another process may hold the file. What is stored can be read. The receiver recovers by itself once the file can be written.',
  needed: 'The database is away: this works again once it is back.',
};
