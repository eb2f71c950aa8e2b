import type { PictureEvent } from '../api/picture-operations';
import { storyOf } from './story';

function events(...statuses: PictureEvent['status'][]): PictureEvent[] {
  return statuses.map((status, at) => ({ number: at + 1, status, at: new Date(at * 1_000).toISOString(), error: null }));
}

function told(...statuses: PictureEvent['status'][]): string[] {
  return storyOf(events(...statuses)).map(({ what }) => what);
}

describe('the story of a picture', () => {
  it('goes from its number to its proof, with the time between', () => {
    const story = storyOf(events('QUEUED', 'GENERATING', 'GENERATED', 'UPLOADING', 'UPLOADED'));
    expect(story.map(({ after }) => after)).toEqual([null, 1_000, 1_000, 1_000, 1_000]);
    expect(story.at(0)?.what).toBe('Number, name and seed reserved');
    expect(story.at(-1)?.what).toBe('Stored, and proven to be');
  });

  it('tells a put-back from a retry', () => {
    expect(told('QUEUED', 'GENERATING', 'QUEUED')[2]).toBe('Put back, to be drawn again');
    expect(told('QUEUED', 'GENERATING', 'FAILED', 'QUEUED')[3]).toBe('Taken up again');
    expect(told('GENERATED', 'UPLOADING', 'GENERATED')[2]).toBe('Put back, to be stored again');
    expect(told('GENERATED', 'UPLOADING', 'FAILED', 'GENERATED')[3]).toBe('Taken up again, the picture is safe');
  });

  it('says why', () => {
    const [failed] = storyOf([{ ...events('FAILED')[0], error: { message: 'Out of memory.' } }]);
    expect(failed.why).toBe('Out of memory.');
  });
});
