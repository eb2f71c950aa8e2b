import {
  ExecutionArgs,
  FieldNode,
  FragmentDefinitionNode,
  FragmentSpreadNode,
  getNamedType,
  getNullableType,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  GraphQLField,
  GraphQLInt,
  GraphQLNamedType,
  InlineFragmentNode,
  isListType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  SelectionSetNode,
  TypeMetaFieldDef,
  valueFromAST,
} from 'graphql';

/** What one answer may hold: several times what the studio asks for, and what a process can still put together in seconds. */
const MOST_VALUES = 250_000;

/** How long a list without `first` is taken to be; `nodes` and `edges` are as long as the `first` above them. */
const LENGTHS: Record<string, number> = { images: 100, nodes: 1, edges: 1 };
const OTHER_LENGTH = 10;

const META_FIELDS: Record<string, GraphQLField<unknown, unknown>> = { __schema: SchemaMetaFieldDef, __type: TypeMetaFieldDef };

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
export function isAnswerTooLarge({ schema, document, operationName, variableValues }: ExecutionArgs): boolean {
  const operation = getOperationAST(document, operationName);
  const root = operation && schema.getRootType(operation.operation);
  if (!root) return false;
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues ?? {});
  // Wrong variables are refused where the operation is carried out.
  if (!coerced) return false;
  const fragments = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const size = new AnswerSize(new Map(fragments.map((fragment) => [fragment.name.value, fragment])), coerced);
  size.add(operation.selectionSet, root, 1);
  return size.isTooLarge;
}

/** Counts the values that an answer could hold; not beyond what is allowed, because fragments can multiply without end. */
class AnswerSize {
  private values = 0;

  constructor(
    private readonly fragments: Map<string, FragmentDefinitionNode>,
    private readonly variables: Record<string, unknown>,
  ) {}

  get isTooLarge(): boolean {
    return this.values > MOST_VALUES;
  }

  /** Adds what is selected of `times` objects of one type. */
  add(set: SelectionSetNode, type: GraphQLNamedType, times: number): void {
    for (const selection of set.selections) {
      this.values += times;
      if (this.isTooLarge) return;
      if (selection.kind === Kind.FIELD) this.addField(selection, type, times);
      else this.addFragment(selection, type, times);
    }
  }

  private addField(node: FieldNode, type: GraphQLNamedType, times: number): void {
    const { name, selectionSet } = node;
    const field = isObjectType(type) ? (type.getFields()[name.value] ?? META_FIELDS[name.value]) : undefined;
    if (field && selectionSet) this.add(selectionSet, getNamedType(field.type), times * this.lengthOf(field, node));
  }

  /** The schema has no interfaces and no unions: what a fragment is on is the type that it stands in. */
  private addFragment(node: InlineFragmentNode | FragmentSpreadNode, type: GraphQLNamedType, times: number): void {
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : this.fragments.get(node.name.value);
    if (fragment) this.add(fragment.selectionSet, type, times);
  }

  private lengthOf({ name, args, type }: GraphQLField<unknown, unknown>, node: FieldNode): number {
    const first = args.find((arg) => arg.name === 'first');
    if (!first) return isListType(getNullableType(type)) ? (LENGTHS[name] ?? OTHER_LENGTH) : 1;
    const given = node.arguments?.find((argument) => argument.name.value === 'first');
    const length = given && valueFromAST(given.value, GraphQLInt, this.variables);
    return Math.max(1, Number(length ?? first.defaultValue));
  }
}
