import type { Environment, ParseResult } from '@marcbachmann/cel-js';
import type { JsonSchema, ValidationRule } from '../ResourceDefinition.ts';
import { type CelType, environmentFor } from './celTypes.ts';
import { loopDepth, mentions, splitsTexts } from './ruleCost.ts';

/** A rule that can be evaluated, or why it cannot. */
export interface CompiledRule {
  readonly rule: ValidationRule;
  readonly program: ParseResult;
  readonly message: ParseResult | undefined;
  /** Does the rule speak of the state before? Then it is one of changes. */
  readonly isTransition: boolean;
  /** How deep loops over lists and maps are nested in it. */
  readonly loops: number;
  /** Are there loops over lists that it makes of texts? */
  readonly splitsTexts: boolean;
}

export interface CompiledRules {
  readonly self: CelType;
  readonly rules: readonly (CompiledRule | { readonly problem: RuleProblem })[];
}

export interface RuleProblem {
  readonly field: 'rule' | 'messageExpression';
  readonly text: string;
}

const compiled = new WeakMap<JsonSchema, CompiledRules>();

/** The rules of one schema, ready to be evaluated on its values. Schemas are never changed. */
export function compiledRules(schema: JsonSchema, isRoot: boolean): CompiledRules {
  let known = compiled.get(schema);
  if (known === undefined) {
    known = compileRules(schema, isRoot);
    compiled.set(schema, known);
  }
  return known;
}

function compileRules(schema: JsonSchema, isRoot: boolean): CompiledRules {
  const { environment, self } = environmentFor(schema, isRoot);
  environment.registerVariable('self', self.name);
  const plain = environment.clone().registerVariable('oldSelf', self.name);
  const optional = environment.clone().registerVariable('oldSelf', `optional<${self.name}>`);
  const rules = (schema['x-kubernetes-validations'] ?? []).map((rule) =>
    compile(rule, rule.optionalOldSelf === true ? optional : plain),
  );
  return { self, rules };
}

function compile(
  rule: ValidationRule,
  environment: Environment,
): CompiledRule | { problem: RuleProblem } {
  const program = parse(environment, rule.rule, 'bool');
  if (typeof program === 'string') return { problem: { field: 'rule', text: program } };
  let message: ParseResult | undefined;
  if (rule.messageExpression !== undefined && rule.messageExpression !== '') {
    const parsed = parse(environment, rule.messageExpression, 'string');
    if (typeof parsed === 'string')
      return { problem: { field: 'messageExpression', text: parsed } };
    message = parsed;
  }
  const { ast } = program;
  return {
    rule,
    program,
    message,
    isTransition: mentions(ast, 'oldSelf'),
    loops: loopDepth(ast),
    splitsTexts: splitsTexts(ast),
  };
}

/** The program, or what is wrong with the expression. */
function parse(
  environment: Environment,
  text: string,
  wanted: 'bool' | 'string',
): ParseResult | string {
  let program: ParseResult;
  try {
    program = environment.parse(text);
  } catch (error) {
    return `compilation failed: ${error instanceof Error ? error.message : ''}`;
  }
  const { valid, type, error } = program.check();
  if (!valid) return `compilation failed: ${error?.message ?? ''}`;
  if (type === wanted) return program;
  return wanted === 'bool'
    ? 'cel expression must evaluate to a bool'
    : 'messageExpression must evaluate to a string';
}
