import { Type, type Static } from 'typebox'

const MIB = 1024 * 1024

export const StoreOptions = Type.Object(
  {
    kind: Type.Enum(['sqlite', 'postgres'], {
      default: 'sqlite',
      description:
        'Where rows are kept: in a SQLite database in the folder, for processes of one machine, or in Postgres.',
    }),
    postgresUrl: Type.String({
      writeOnly: true,
      default: '',
      description:
        'Address of the Postgres database, such as `postgres://kubeprof@db:5432/kubeprof?sslmode=verify-full`. Give it as a file where it holds a password.',
    }),
    postgresConnectionsMax: Type.Integer({
      default: 10,
      minimum: 2,
      maximum: 1000,
      description: 'Most connections to Postgres of one process.',
    }),
    postgresStatementMsMax: Type.Integer({
      default: 15_000,
      minimum: 100,
      maximum: 600_000,
      description: 'The longest that Postgres may take for one statement.',
    }),
    directory: Type.String({
      default: './data',
      minLength: 1,
      description: 'The folder that holds the database and the uploaded profiles.',
    }),
    freeBytesMin: Type.Integer({
      default: 512 * MIB,
      minimum: 0,
      description:
        'Below this much free space nothing more is stored; on a small disk, below 5% of its size.',
    }),
    reserveBytes: Type.Integer({
      default: 64 * MIB,
      minimum: 0,
      description:
        'The size of a reserve file that is deleted when the disk is full, so that deletions still work.',
    }),
  },
  { additionalProperties: false },
)
export type StoreOptions = Static<typeof StoreOptions>
