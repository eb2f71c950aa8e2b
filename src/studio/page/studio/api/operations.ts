import type { FragmentOf, ResultOf } from 'gql.tada';
import { graphql } from './graphql';

/** All that a frame of a contact sheet shows. */
export const FRAME = graphql(`
  fragment Frame on Image {
    id
    batchId
    position
    index
    seed
    status
    url
    width
    height
    bytes
    sha256
    generationAttempts
    uploadAttempts
    backend
    error {
      stage
      code
      message
      retryable
    }
    duplicateOf {
      id
      index
    }
  }
`);

/** One contact sheet: a batch and all of its frames. */
export const SHEET = graphql(
  `
    fragment Sheet on Batch {
      id
      username
      character
      prompt
      width
      height
      count
      status
      lastEvent
      createdAt
      finishedAt
      images {
        ...Frame
      }
    }
  `,
  [FRAME],
);

export type Frame = FragmentOf<typeof FRAME>;
export type Sheet = FragmentOf<typeof SHEET>;

export const BATCHES = graphql(
  `
    query StudioBatches($first: Int!, $after: String) {
      batches(first: $first, after: $after) {
        nodes {
          ...Sheet
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  `,
  [SHEET],
);

/** Little enough to be asked again and again: which batches are there, and how far each has come. */
export const NEWEST = graphql(`
  query StudioNewest {
    batches(first: 20) {
      nodes {
        id
        lastEvent
      }
    }
  }
`);

export const BATCH_SHEET = graphql(
  `
    query StudioSheet($id: ID!) {
      batch(id: $id) {
        ...Sheet
      }
    }
  `,
  [SHEET],
);

export const BATCH_DETAILS = graphql(`
  query StudioBatchDetails($id: ID!) {
    batch(id: $id) {
      id
      character
      prompt
      count
      effectivePrompt
      negativePrompt
      embedding
      workflow
      width
      height
      seed
      steps
      cfg
      parameters
      createdAt
      finishedAt
    }
  }
`);

export const GENERATE = graphql(
  `
    mutation StudioGenerate($input: GenerateBatchInput!) {
      generateBatch(input: $input) {
        batch {
          ...Sheet
        }
      }
    }
  `,
  [SHEET],
);

export const CANCEL = graphql(`
  mutation StudioCancel($id: ID!) {
    cancelBatch(id: $id) {
      lastEvent
    }
  }
`);

export const RETRY = graphql(`
  mutation StudioRetry($id: ID!, $positions: [Int!]) {
    retryBatch(id: $id, positions: $positions) {
      lastEvent
    }
  }
`);

export const EVENTS = graphql(
  `
    subscription StudioEvents($batchId: ID!, $after: Int!) {
      imageStatusChanged(batchId: $batchId, after: $after) {
        number
        batchStatus
        at
        image {
          ...Frame
        }
      }
    }
  `,
  [FRAME],
);

export const PROGRESS = graphql(`
  subscription StudioProgress($batchId: ID!) {
    imageProgress(batchId: $batchId, previews: true) {
      imageId
      position
      stage
      fraction
      preview
    }
  }
`);

export type SheetEvent = ResultOf<typeof EVENTS>['imageStatusChanged'];
export type Progress = ResultOf<typeof PROGRESS>['imageProgress'];

export const WORKFLOWS = graphql(`
  query StudioWorkflows {
    workflows {
      name
      parameters
    }
  }
`);
