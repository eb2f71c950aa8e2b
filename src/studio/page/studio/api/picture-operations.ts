import type { ResultOf } from 'gql.tada';
import { graphql } from './graphql';
import { FRAME } from './operations';

export const PICTURE = graphql(
  `
    query StudioPicture($id: ID!) {
      image(id: $id) {
        ...Frame
        username
        character
        publicId
        format
        batch {
          prompt
          effectivePrompt
          width
          height
        }
        events {
          number
          status
          at
          error {
            message
          }
        }
      }
    }
  `,
  [FRAME],
);

export type Picture = NonNullable<ResultOf<typeof PICTURE>['image']>;
export type PictureEvent = Picture['events'][number];

export const GALLERY = graphql(`
  query StudioGallery($username: String, $character: String, $status: ImageStatus, $after: String) {
    images(username: $username, character: $character, status: $status, first: 100, after: $after) {
      nodes {
        id
        username
        character
        index
        seed
        status
        url
        duplicateOf {
          index
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export type GalleryImage = ResultOf<typeof GALLERY>['images']['nodes'][number];
