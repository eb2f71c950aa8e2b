import type { FragmentOf } from 'gql.tada';
import { graphql } from './graphql';

export const CHARACTER = graphql(`
  fragment CharacterCard on Character {
    id
    username
    name
    embedding
    embeddingCheck {
      found
      of
    }
    promptPrefix
    negativePrompt
    workflow
    updatedAt
    series {
      lastIndex
      imageCount
    }
  }
`);

export type CharacterCard = FragmentOf<typeof CHARACTER>;

export const CHARACTERS = graphql(
  `
    query StudioCharacters($username: String, $after: String) {
      characters(username: $username, first: 100, after: $after) {
        nodes {
          ...CharacterCard
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [CHARACTER],
);

export const SAVE_CHARACTER = graphql(
  `
    mutation StudioSaveCharacter($input: SaveCharacterInput!) {
      saveCharacter(input: $input) {
        ...CharacterCard
      }
    }
  `,
  [CHARACTER],
);

export const DELETE_CHARACTER = graphql(`
  mutation StudioDeleteCharacter($id: ID!) {
    deleteCharacter(id: $id)
  }
`);
