import { initGraphQLTada } from 'gql.tada';
import type { introspection } from './schema-types';

/** Makes a typed document of an operation or a fragment; its types are worked out from `schema.graphql`. */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  disableMasking: true;
  scalars: { DateTime: string; SafeInt: number; JSON: Record<string, unknown> };
}>();
