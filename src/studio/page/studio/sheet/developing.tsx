import { type ComponentProps, useState } from 'react';
import { SteadyImage } from '../parts/steady-image';
import { seedGradient } from './seed-gradient';

interface Props extends ComponentProps<'img'> {
  seed: number;
  /** The address of what there is to see before the picture itself, if anything. */
  before: string | null;
}

/** A picture that comes up out of its seed's gradient; what was there before stays beneath until the picture can be seen in full. */
export function Developing({ seed, before, src, ...image }: Props) {
  const [shown, setShown] = useState<string>();
  // Loaded is not yet decoded.
  const show = () => setShown(src);
  return (
    <>
      <span className="latent" style={{ backgroundImage: seedGradient(seed) }} />
      {before && <img className="preview" src={before} alt="" />}
      {src && (
        <SteadyImage
          {...image}
          className="picture"
          src={src}
          decoding="async"
          data-shown={shown === src}
          onLoad={({ currentTarget }) => void currentTarget.decode().then(show, show)}
        />
      )}
    </>
  );
}
