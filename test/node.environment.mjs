import { TestEnvironment } from 'jest-environment-node';
import { types } from 'node:util';

/**
 * Jest runs tests in a realm of their own, where an error that Node itself has thrown (a refused connection, say) is no `instanceof Error`, and
 * libraries that ask for that do otherwise than in production. Here every native error is one.
 */
export default class NodeEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    const { Error: TestError } = this.global;
    const isInstance = Function.prototype[Symbol.hasInstance];
    Object.defineProperty(TestError, Symbol.hasInstance, {
      value(thrown) {
        return this === TestError ? types.isNativeError(thrown) : isInstance.call(this, thrown);
      },
    });
  }
}
