import { type ComponentProps, useEffect, useState } from 'react';

/** Milliseconds; doubles with each failure. */
const PAUSE = { first: 1_000, longest: 30_000 };

/** An img that is asked for again when it could not be had: the service may only be away for a moment. */
export function SteadyImage(props: ComponentProps<'img'>) {
  const [failures, setFailures] = useState(0);
  const [retries, setRetries] = useState(0);
  useEffect(() => {
    if (failures === 0) return;
    const pause = Math.min(PAUSE.longest, PAUSE.first * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
    const timer = setTimeout(() => setRetries(failures), pause);
    return () => clearTimeout(timer);
  }, [failures]);
  return <img key={retries} {...props} onError={() => setFailures(retries + 1)} />;
}
