import { useQuery } from '@tanstack/react-query';
import type { ResultOf } from 'gql.tada';
import { graphql } from '../api/graphql';
import { send } from '../api/send';
import { Icon } from '../parts/icon';
import { Empty, Fault } from '../parts/notice';
import { shortTime } from '../parts/time-text';
import { useLastKnown } from '../parts/use-last-known';
import { useTitle } from '../parts/use-title';
import { Waiting } from '../parts/waiting';

/** Milliseconds between two looks. */
const LOOK_EVERY = 2_000;
/** As many images in flight as are drawn one by one; of more only the number is told. */
const DRAWN = 16;

const BACKENDS = graphql(`
  query StudioBackends {
    backends {
      name
      healthy
      version
      inFlight
      lastError
      lastSeenAt
    }
  }
`);

type Backend = ResultOf<typeof BACKENDS>['backends'][number];

/** The generators, as the workers see them now. */
export function BackendsView() {
  useTitle('Backends');
  const lastKnown = useLastKnown();
  const { data, error, isPending } = useQuery({
    queryKey: ['backends'],
    queryFn: async ({ signal }) => (await send(BACKENDS, {}, signal)).backends,
    refetchInterval: LOOK_EVERY,
  });
  return (
    <div className="page backends">
      <div className="page-head">
        <h1>Backends</h1>
        {data && data.length > 0 && (
          <p>
            {lastKnown !== null && <span className="last-known">last known {shortTime(lastKnown)} · </span>}
            {standing(data)}
          </p>
        )}
      </div>
      {error && <Fault error={error} />}
      {isPending && !error && <Waiting />}
      {data?.length === 0 && (
        <Empty title="No backend is known">
          <p>A worker tells of its generators every few seconds. Is one running, and are the addresses in COMFYUI_URLS right?</p>
        </Empty>
      )}
      <ul className="rows">
        {data?.map((backend) => (
          <BackendRow key={backend.name} backend={backend} />
        ))}
      </ul>
    </div>
  );
}

function standing(backends: Backend[]): string {
  const healthy = backends.filter((backend) => backend.healthy).length;
  const inFlight = backends.reduce((sum, backend) => sum + backend.inFlight, 0);
  return `${healthy} of ${backends.length} healthy · ${inFlight} in flight`;
}

function BackendRow({ backend: { name, healthy, version, inFlight, lastError, lastSeenAt } }: { backend: Backend }) {
  return (
    <li className="backend" data-healthy={healthy}>
      <span className="health">
        <Icon name={healthy ? 'check' : 'warning'} /> {healthy ? 'healthy' : 'away'}
      </span>
      <h2>{name}</h2>
      <span className="version">{version && `version ${version}`}</span>
      <span className="load" title="Our images that it is working on or holds">
        <span className="blocks" aria-hidden="true">
          {Array.from({ length: Math.min(inFlight, DRAWN) }, (_, at) => (
            <i key={at} />
          ))}
        </span>
        {inFlight === 0 ? 'idle' : `${inFlight} in flight`}
      </span>
      <span className="seen">{lastSeenAt ? `seen ${shortTime(lastSeenAt)}` : 'never seen'}</span>
      {lastError && !healthy && <p className="wrong">{lastError}</p>}
    </li>
  );
}
