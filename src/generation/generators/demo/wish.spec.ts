import { readWish } from './wish.js';

describe('readWish', () => {
  it.each([
    ['Ana, walking along the beach at night', 'sea', 'night'],
    ['portrait on a MOUNTAIN, golden hour', 'mountains', 'dusk'],
    ['two cabins in the snowy woods, early morning', 'forest', 'dawn'],
    ['rooftops of the city', 'city', null],
    ['dunes under the stars', 'desert', 'night'],
    ['a knight in shining armour', null, null],
    ['', null, null],
  ])('finds place and time: %s', (prompt, place, time) => {
    expect(readWish(prompt)).toMatchObject({ place, time });
  });

  it('takes the first place and the first time that are named', () => {
    expect(readWish('from the forest to the sea, dawn until dusk')).toMatchObject({ place: 'forest', time: 'dawn' });
  });

  it('finds every thing that is named, and no other', () => {
    expect(readWish('lighthouse, sailing boats and birds in the rain').things).toEqual(new Set(['lighthouse', 'boat', 'birds', 'rain']));
  });
});
