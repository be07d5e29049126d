/** Texts of the tiles above the charts. */
export const figures = {
  errorRate: 'Error rate',
  /** In the last five minutes. */
  errors: (invalid: string, notTaken: string) => `${invalid} invalid, ${notTaken} not taken in 5 minutes`,
  noErrors: 'no errors in 5 minutes',
  decisions: 'Decisions a minute',
  decided: (refused: string, fallback: string) => `${refused} refused, ${fallback} by the fallback`,
  lag: 'Delivery lag',
  noConsumer: 'no code handles the callbacks yet',
  noLag: 'everything is delivered',
  lagOf: 'callbacks before',
  beyond: '▲ A value beyond the axis, with its number.',
  logarithmic: 'Logarithmic scale.',
};
