import callbackDocument from '../../../generated/callback.json' with { type: 'json' };
import { commandOf, type Examples } from '../../simulator/examples.ts';
import { faults } from '../../simulator/faults.ts';
import type { Payload } from '../../simulator/payload.ts';
import type { Sendable } from '../../simulator/send.ts';
import { sign, unixSeconds } from '../../simulator/vendor-request.ts';
import type { Check, Rule } from '../check.ts';
import type { Conversation } from '../conversation.ts';
import { refuses, refusesOrKnowsNot } from '../expect.ts';
import { rules } from '../rules.ts';

/** Everything that an endpoint has to refuse, but for what may upset it. */
export function refusedChecks(examples: Examples): Check[] {
  return [
    fromFault('app/wrong', 'wrong-app', rules.ownApp),
    fromFault('app/missing', 'missing-app', rules.ownApp),
    fromFault('app/repeated', 'repeated-app'),
    fromFault('sign/unsigned', 'unsigned', rules.signature),
    fromFault('sign/tampered', 'tampered-sign', rules.signature),
    fromFault('sign/expired', 'expired', rules.signature),
    fromFault('sign/from-the-future', 'from-the-future', rules.signature),
    ...forgeries,
    fromFault('commands/differ', 'commands-differ'),
    fromFault('paths/wrong', 'wrong-path'),
    fromFault('methods/wrong', 'wrong-method'),
    ...['CallbackCommand', 'ClientIP'].map((name) =>
      refuses({
        name: `parameters/repeated-${name}`,
        what: `${name} twice`,
        status: 400,
        errorCode: 10100,
        request: (vendor) => repeated(vendor, name),
      }),
    ),
    ...Object.keys(examples)
      .filter((key) => key === commandOf(key))
      .flatMap(violationChecks),
  ];
}

const forged = { must: rules.signature, status: 401, errorCode: 10102, needsToken: true } as const;

const forgeries = [
  refuses({
    ...forged,
    name: 'sign/other-token',
    what: 'Sign made with another token',
    request(vendor) {
      const request = vendor.callback();
      sign(request.url, `${vendor.options.token} of another`, unixSeconds());
      return request;
    },
  }),
  refuses({
    ...forged,
    name: 'sign/other-time',
    what: 'the Sign of an earlier RequestTime with the current one',
    request(vendor) {
      const request = vendor.callback();
      sign(request.url, vendor.options.token ?? '', unixSeconds() - 30);
      request.url.searchParams.set('RequestTime', String(unixSeconds()));
      return request;
    },
  }),
  refuses({
    ...forged,
    name: 'sign/empty',
    what: 'Sign and RequestTime without values',
    request(vendor) {
      const request = vendor.callback();
      request.url.searchParams.set('RequestTime', '');
      request.url.searchParams.set('Sign', '');
      return request;
    },
  }),
  refuses({
    name: 'sign/repeated',
    what: 'Sign twice, the second is right',
    status: 401,
    errorCode: 10102,
    needsToken: true,
    request(vendor) {
      const request = vendor.callback();
      const right = request.url.searchParams.get('Sign') ?? '';
      request.url.searchParams.set('Sign', '0'.repeat(64));
      request.url.searchParams.append('Sign', right);
      return request;
    },
  }),
  refuses({
    name: 'sign/unsigned-probe',
    what: "the console's probe, unsigned",
    status: 401,
    errorCode: 10102,
    needsToken: true,
    request(vendor) {
      const request = vendor.faulty('probe');
      for (const name of ['Sign', 'RequestTime']) request.url.searchParams.delete(name);
      return request;
    },
  }),
];

/** A check with a fault that trigger knows too. */
function fromFault(name: string, faultName: keyof typeof faults, must?: Rule): Check {
  const fault = faults[faultName];
  if (!fault) throw new Error(`there is no fault ${faultName}`);
  return refuses({
    name,
    what: fault.does,
    status: fault.status,
    errorCode: fault.errorCode,
    ...(must && { must }),
    ...(fault.needsToken && { needsToken: true }),
    request: (vendor) => vendor.faulty(faultName),
  });
}

function repeated(vendor: Conversation, name: string): Sendable {
  const request = vendor.callback();
  const { searchParams } = request.url;
  searchParams.append(name, searchParams.get(name) ?? '');
  searchParams.sort();
  return request;
}

interface FieldSchema {
  $ref?: string;
  type?: unknown;
}
interface Schema extends FieldSchema {
  required?: string[];
  properties?: Record<string, FieldSchema>;
}

const { schemas } = callbackDocument.components as unknown as { schemas: Record<string, Schema> };

/** Each required field of a command, removed and with a value of another type: [what to call it, what it is, how]. */
function violationsOf(command: string): [name: string, what: string, change: (payload: Payload) => void][] {
  const { required = [], properties = {} } = schemas[command] ?? {};
  return required.flatMap((field) => {
    const retyped = resolved(properties[field])?.type === 'string' ? 7 : 'not of this type';
    return [
      [
        `missing/${command}/${field}`,
        `no ${field}`,
        (payload) => {
          delete payload[field];
        },
      ],
      [
        `retyped/${command}/${field}`,
        `${field} is ${JSON.stringify(retyped)}`,
        (payload) => {
          payload[field] = retyped;
        },
      ],
    ];
  });
}

/** A check each for the first command, which every endpoint describes, and one for all violations of another. */
function violationChecks(command: string, index: number): Check[] {
  const violations = violationsOf(command);
  if (index > 0) {
    return [
      refusesOrKnowsNot({
        name: `fields/${command}`,
        what: `${schemas[command]?.required?.join(', ')}, one at a time missing or of another type`,
        status: 400,
        errorCode: 10100,
        requests: (vendor) => violations.map(([, what, change]) => [what, vendor.callback(command, change)]),
      }),
    ];
  }
  return violations.map(([name, what, change]) =>
    refuses({
      name,
      what,
      status: 400,
      errorCode: 10100,
      request: (vendor) => vendor.callback(command, change),
    }),
  );
}

function resolved(schema: FieldSchema | undefined): FieldSchema | undefined {
  return schema?.$ref ? schemas[schema.$ref.replace('#/components/schemas/', '')] : schema;
}
