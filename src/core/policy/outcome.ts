import * as v from 'valibot';

/** How a change stands to a policy that it has to meet: it does, it does not, or a person let it pass for a reason. */
export const PolicyOutcomeSchema = v.object({
  result: v.picklist(['met', 'missing', 'overridden']),
  /** In a few words each, without paths: `tests none`, `assistant Codex (gpt-5)`. */
  missing: v.optional(v.array(v.string())),
  /** The person's reason. */
  override: v.optional(v.string()),
});
export type PolicyOutcome = v.InferOutput<typeof PolicyOutcomeSchema>;
