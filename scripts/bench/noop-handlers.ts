import { countDeliveries } from './delivery-statistics.ts';

interface Receiver {
  on(command: '*', handler: (callback: { receivedAt: Date }) => unknown, options: { from: 'beginning' }): void;
}

/** For HANDLERS: only counts callbacks. */
export default function count(receiver: Receiver): void {
  const delivered = countDeliveries();
  receiver.on('*', ({ receivedAt }) => delivered(receivedAt.getTime()), { from: 'beginning' });
}
