import { type Static, Type } from 'typebox';
import { DialectIdSchema, SettingsSchema } from './entities.ts';

const environmentName = Type.String({
  pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
  description: 'name of an environment variable; keys never stand in the file',
});

/** Config as code (`--config`): published as resources/config.schema.json. */
export const ConfigFileSchema = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    providers: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }),
            name: Type.Optional(Type.String()),
            dialect: Type.Optional(DialectIdSchema),
            baseUrl: Type.Optional(Type.String()),
            keyFromEnv: Type.Optional(environmentName),
            models: Type.Optional(Type.Array(Type.String())),
            streamUsage: Type.Optional(Type.Boolean({ description: 'false: the server rejects stream_options' })),
          },
          { additionalProperties: false },
        ),
      ),
    ),
    callerKeys: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({ minLength: 1 }),
            keyFromEnv: environmentName,
            tags: Type.Optional(Type.Record(Type.String(), Type.String())),
            scope: Type.Optional(
              Type.Object({ models: Type.Optional(Type.Array(Type.String())), providers: Type.Optional(Type.Array(Type.String())) }),
            ),
          },
          { additionalProperties: false },
        ),
      ),
    ),
    settings: Type.Optional(Type.Partial(SettingsSchema, { additionalProperties: false })),
  },
  { additionalProperties: false },
);
export type ConfigFile = Static<typeof ConfigFileSchema>;
