import { Type, type Static } from 'typebox'

export const BlobOptions = Type.Object(
  {
    kind: Type.Enum(['files', 's3'], {
      default: 'files',
      description:
        'Where bytes are kept: as files under `store.directory`, or in a bucket of an S3-compatible server.',
    }),
    s3Endpoint: Type.String({
      default: '',
      description: 'Address of the S3 server, such as `http://s3:7070`; empty for AWS.',
    }),
    s3Region: Type.String({
      default: 'us-east-1',
      minLength: 1,
      description: 'Region of the bucket.',
    }),
    s3Bucket: Type.String({ default: '', description: 'Name of the bucket, which must exist.' }),
    s3Prefix: Type.String({
      default: '',
      description:
        'What all keys begin with, such as `kubeprof/`, where others use the bucket too.',
    }),
    s3AccessKeyId: Type.String({
      default: '',
      description:
        "Id of the access key. Empty for the AWS SDK's own search: variables, shared files, the role of the pod or machine.",
    }),
    s3SecretAccessKey: Type.String({
      default: '',
      description: 'The secret access key. Give it as a file.',
    }),
    s3ForcePathStyle: Type.Boolean({
      default: true,
      description:
        'Whether the bucket is named in the path, as most servers want, or in the host name.',
    }),
  },
  { additionalProperties: false },
)
export type BlobOptions = Static<typeof BlobOptions>
