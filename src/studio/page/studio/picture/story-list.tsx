import type { PictureEvent } from '../api/picture-operations';
import { fullTime, lengthText } from '../parts/time-text';
import { storyOf } from './story';

/** What has happened to an image so far, with how long each step took. */
export function Story({ events }: { events: readonly PictureEvent[] }) {
  return (
    <section className="story" aria-label="Its story">
      <h2>Story</h2>
      <ol>
        {storyOf(events).map(({ number, what, why, at, after }) => (
          <li key={number}>
            <span>{what}</span>
            <time dateTime={at} title={fullTime(at)}>
              {after === null ? fullTime(at) : `+ ${lengthText(after)}`}
            </time>
            {why && <p>{why}</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}
