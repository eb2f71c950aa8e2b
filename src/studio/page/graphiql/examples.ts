/** One tab of GraphiQL: an operation that is ready to run. */
export interface Example {
  query: string;
  variables: string;
}

const GENERATE = `# Reserves the indices and returns at once.
# Run "Follow" next to see the pictures come.
#
# Where callers sign in: leave "username" out
# and put this under Headers:
# {"Authorization": "Bearer …"}
mutation Generate($input: GenerateBatchInput!) {
  generateBatch(input: $input) {
    batch {
      id
      status
      images {
        position
        index
        publicId
        status
      }
    }
  }
}
`;

const FOLLOW = `# Every change of every picture, once and in
# order: what has happened so far, then live.
# The batch made last on this page is filled in
# under Variables; any other id may stand there.
subscription Follow($batchId: ID!, $after: Int! = 0) {
  imageStatusChanged(batchId: $batchId, after: $after) {
    number
    position
    index
    status
    url
    error {
      stage
      code
      message
      retryable
    }
    batchStatus
    image {
      batch {
        counts {
          queued
          generating
          generated
          uploading
          uploaded
          failed
          cancelled
        }
      }
    }
  }
}
`;

const PROGRESS = `# How far the pictures are that are being made
# right now. It is never stored, so there is
# nothing to see once the batch has ended.
subscription Progress($batchId: ID!) {
  imageProgress(batchId: $batchId) {
    position
    stage
    fraction
  }
}
`;

const BATCHES = `# The newest batches. For the next page, put
# the endCursor under Variables as "after".
query Batches($first: Int! = 10, $after: String) {
  batches(first: $first, after: $after) {
    nodes {
      id
      username
      character
      prompt
      status
      counts {
        uploaded
        failed
        cancelled
      }
      createdAt
      finishedAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;

const IMAGES = `# The newest pictures of one character.
query Images($username: String, $character: String, $first: Int! = 12, $after: String) {
  images(username: $username, character: $character, first: $first, after: $after) {
    nodes {
      index
      publicId
      status
      url
      bytes
      sha256
      seed
      duplicateOf {
        publicId
      }
      createdAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;

const SERIES = `# One numbering: everything ever made of one
# character. Its indices only go up.
query Series($username: String, $character: String!) {
  series(username: $username, character: $character) {
    lastIndex
    imageCount
  }
}
`;

/** The tabs of a first visit: make a batch, follow it, watch its progress, look back. */
export const EXAMPLES: [Example, ...Example[]] = [
  // Width and height have defaults; GraphiQL marks an input without them as incomplete all the same.
  example(GENERATE, {
    input: { username: 'ada', character: 'luna', prompt: 'at the lighthouse, dusk', count: 4, width: 512, height: 512 },
  }),
  example(FOLLOW, { batchId: '', after: 0 }),
  example(PROGRESS, { batchId: '' }),
  example(BATCHES, { first: 10 }),
  example(IMAGES, { username: 'ada', character: 'luna', first: 12 }),
  example(SERIES, { username: 'ada', character: 'luna' }),
];

function example(query: string, variables: object): Example {
  return { query, variables: JSON.stringify(variables, null, 2) };
}
