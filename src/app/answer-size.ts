import { ExecutionArgs, GraphQLError, GraphQLField, getNullableType, isListType } from 'graphql';
import { ComplexityEstimatorArgs, getComplexity } from 'graphql-query-complexity';

/** What one answer may hold: several times what the studio asks for, and what a process can still put together in seconds. */
const MOST_VALUES = 250_000;

/** How long a list without `first` is taken to be; `nodes` and `edges` are as long as the `first` above them. */
const LENGTHS: Record<string, number> = { images: 100, nodes: 1, edges: 1 };
const OTHER_LENGTH = 10;

/** The answer could hold so much that everybody else would have to wait for it. */
export class AnswerTooLargeError extends GraphQLError {
  constructor() {
    const most = MOST_VALUES.toLocaleString('en');
    super(`The answer could hold more than ${most} values: ask for fewer at a time, with a smaller "first", or for less of each.`, {
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
    });
  }
}

/** Whether the answer to a valid operation could hold too many values, however it is nested, aliased or put into fragments. */
export function isAnswerTooLarge({ schema, document: query, operationName, variableValues }: ExecutionArgs): boolean {
  const variables = variableValues ?? undefined;
  try {
    return getComplexity({ schema, query, operationName: operationName ?? undefined, variables, estimators: [valuesOf] }) > MOST_VALUES;
  } catch (error) {
    // Fragments can multiply without end. Wrong variables are refused where the operation is carried out.
    return (error as Error).message.includes('maximum allowed number of nodes');
  }
}

function valuesOf({ field, args, childComplexity }: ComplexityEstimatorArgs): number {
  return 1 + childComplexity * lengthOf(field, args);
}

function lengthOf({ name, type }: GraphQLField<unknown, unknown>, { first }: { first?: number }): number {
  if (first !== undefined) return Math.max(1, first);
  return isListType(getNullableType(type)) ? (LENGTHS[name] ?? OTHER_LENGTH) : 1;
}
