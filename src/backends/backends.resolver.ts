import { Query, Resolver } from '@nestjs/graphql';
import { Backend } from './backend.model.js';
import { BackendsService } from './backends.service.js';

@Resolver(() => Backend)
export class BackendsResolver {
  constructor(private readonly service: BackendsService) {}

  @Query(() => [Backend])
  backends(): Promise<Backend[]> {
    return this.service.list();
  }
}
