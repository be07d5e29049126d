import type { OpenAPIV3_1 } from 'openapi-types';
import callbackDocument from '../../../generated/callback.json' with { type: 'json' };

/** The contract, for competitors whose library reads OpenAPI. */
export const contract = callbackDocument as unknown as OpenAPIV3_1.Document;

const { parameters, requestBody } = callbackDocument.paths['/'].post;
const { components } = callbackDocument;

/** For competitors whose library reads JSON Schema: the body, with what it refers to. */
export const bodySchema = { ...requestBody.content['application/json'].schema, components };

/** The declared parameters of the URL; one of them stands for all others, and those may be anything. */
export const querySchema = {
  type: 'object',
  required: parameters.filter((parameter) => 'required' in parameter).map(({ name }) => name),
  properties: Object.fromEntries(
    parameters.filter(({ schema }) => schema.type !== 'object').map(({ name, schema }) => [name, schema]),
  ),
};

export const replySchema = components.schemas.Reply;
