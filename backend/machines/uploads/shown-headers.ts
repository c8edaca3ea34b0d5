/** How an image of somebody is answered: as that image and nothing else, whoever opens it, in whatever way. */

/** Kept by the one browser that asked for it. Its bytes never change; who may see it may. Seconds. */
const KEPT_S = 3600;

export function shownHeaders({
  mediaType,
  size,
}: {
  readonly mediaType: string;
  readonly size: number;
}): Readonly<Record<string, string>> {
  return {
    'content-type': mediaType,
    'content-length': String(size),
    // Opened by itself it is saved, not shown: an <img> does not mind.
    'content-disposition': `attachment; filename="image.${mediaType.slice('image/'.length)}"`,
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': `private, max-age=${KEPT_S}`,
    vary: 'authorization',
  };
}
