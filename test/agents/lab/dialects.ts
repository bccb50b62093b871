import type { Dialect } from './dialect.ts';
import { anthropic } from './dialects/anthropic.ts';
import { chat } from './dialects/chat.ts';
import { gemini } from './dialects/gemini.ts';
import { responses } from './dialects/responses.ts';

/** Every model API that the mock speaks. */
export const dialects: readonly Dialect[] = [anthropic, responses, chat, gemini];
