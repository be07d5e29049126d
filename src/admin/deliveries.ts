import type { Request, Response } from 'express';
import type { Context, Handler } from 'openapi-backend';
import type { components } from '../../generated/admin.ts';
import type { Logger } from '../callback/logger.ts';
import type { ConsumerStore } from '../store/consumers.ts';
import { exportFormOf, sendExport } from './export.ts';
import { bodyOf, missingCallback, pathParameter, possibleCallbackId, queryOf, timeOf } from './parameters.ts';
import { decodeCursor, encodeCursor, NotFound, replyProblem } from './problem.ts';

type Consumer = components['schemas']['Consumer'];

interface DeliveriesOptions {
  store: Pick<
    ConsumerStore,
    | 'listConsumers'
    | 'pauseConsumer'
    | 'rewindConsumer'
    | 'sendToConsumer'
    | 'removeConsumer'
    | 'listDeliveries'
    | 'retryDelivery'
    | 'retryDeliveries'
  >;
  log: Pick<Logger, 'info' | 'warn'>;
}

/** The operations on consumers and failed deliveries. The process that runs the consumer carries them out. */
export function deliveryOperations({ store, log }: DeliveriesOptions) {
  return {
    async listConsumers(_context, _request, response: Response) {
      response.json({ consumers: await store.listConsumers() });
    },

    pauseConsumer: (context, _request, response: Response) => setPaused(context, response, true),

    resumeConsumer: (context, _request, response: Response) => setPaused(context, response, false),

    async rewindConsumer(context, _request, response: Response) {
      const time = timeOf('body.to', bodyOf('rewindConsumer', context).to);
      const consumer = await existing(pathParameter(context, 'name'));
      if (!(await store.rewindConsumer(consumer.name, time))) throw missingConsumer(consumer.name);
      log.warn(
        { consumer: consumer.name, to: time, place: consumer.place },
        'a consumer is asked to go on from another time: callbacks are delivered again, or skipped',
      );
      response.status(202).json(consumer);
    },

    async sendToConsumer(context, _request, response: Response) {
      const id = possibleCallbackId(bodyOf('sendToConsumer', context).callbackId);
      const consumer = await existing(pathParameter(context, 'name'));
      const result = await store.sendToConsumer(consumer.name, id);
      if (result === 'no consumer') throw missingConsumer(consumer.name);
      if (result === 'no callback') throw new NotFound(missingCallback(id));
      if (result === 'rejected') {
        const remedy = 'retry it first, and it is delivered once it is accepted';
        return replyProblem(response, 409, `The callback ${id} is rejected: ${remedy}`);
      }
      log.info({ consumer: consumer.name, callback: id }, 'a callback is delivered again, as an operator asked');
      response.status(202).json(consumer);
    },

    async removeConsumer(context, _request, response: Response) {
      const consumer = await existing(pathParameter(context, 'name'));
      const result = await store.removeConsumer(consumer.name);
      if (result === 'not found') throw missingConsumer(consumer.name);
      if (result === 'running') {
        const fact = `A process runs the consumer ${JSON.stringify(consumer.name)}`;
        return replyProblem(response, 409, `${fact}: remove its handlers and restart, then remove it`);
      }
      const { name, place, parked, dead } = consumer;
      log.warn(
        { consumer: name, place, parked, dead },
        'a consumer was removed: its place and its deliveries are gone',
      );
      response.json(consumer);
    },

    async listDeliveries(context, request: Request, response: Response) {
      const { consumer, status, limit, cursor, format } = queryOf('listDeliveries', context);
      const after = cursor === undefined ? undefined : decodeCursor(cursor, 'string')[0];
      const read = (after: string | undefined, limit: number) =>
        store.listDeliveries({ consumer, status, limit, after });
      const form = exportFormOf(request, format);
      if (form) return sendExport(request, response, form, { name: 'deliveries', schema: 'Delivery', after, read });
      const { items, next } = await read(after, Number(limit));
      response.json({ deliveries: items, nextCursor: next && encodeCursor([next]) });
    },

    async retryDelivery(context, _request, response: Response) {
      const id = pathParameter(context, 'id');
      if (!(await store.retryDelivery(id)))
        throw new NotFound(`No parked or dead delivery has the id ${id}: it may have been delivered meanwhile`);
      log.info({ delivery: id }, 'a delivery is retried now, as an operator asked');
      replyRetrying(response, 1);
    },

    async retryDeliveries(context, _request, response: Response) {
      const { consumer, status } = queryOf('retryDeliveries', context);
      const retrying = await store.retryDeliveries({ consumer, status });
      log.info({ consumer, status, retrying }, 'deliveries are retried now, as an operator asked');
      replyRetrying(response, retrying);
    },
  } satisfies Record<string, Handler>;

  async function setPaused(context: Context, response: Response, paused: boolean): Promise<void> {
    const name = pathParameter(context, 'name');
    if (!(await store.pauseConsumer(name, paused))) throw missingConsumer(name);
    if (paused) log.warn({ consumer: name }, 'a consumer was paused: it delivers nothing until it is resumed');
    else log.info({ consumer: name }, 'a consumer was resumed');
    response.json(await existing(name));
  }

  /** @throws {NotFound} if there is no such consumer */
  async function existing(name: string): Promise<Consumer> {
    const consumer = (await store.listConsumers()).find((one) => one.name === name);
    if (!consumer) throw missingConsumer(name);
    return consumer;
  }
}

function missingConsumer(name: string): NotFound {
  return new NotFound(`No consumer has the name ${JSON.stringify(name.slice(0, 60))}: GET /api/consumers lists them`);
}

function replyRetrying(response: Response, retrying: number): void {
  response.status(202).json({ retrying });
}
