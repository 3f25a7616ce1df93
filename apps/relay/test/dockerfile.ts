import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DockerfileParser, type Copy, type From, type Healthcheck, type Instruction } from 'dockerfile-ast'

/** One instruction of the relay's Dockerfile, as far as that uses the language. */
export type Step =
  | { readonly is: 'from'; readonly image: string; readonly as: string | undefined }
  | { readonly is: 'workdir'; readonly path: string }
  | { readonly is: 'copy'; readonly from: string | undefined; readonly source: string; readonly target: string }
  | { readonly is: 'run'; readonly command: string }
  | { readonly is: 'env'; readonly name: string; readonly value: string }
  | { readonly is: 'user'; readonly value: string }
  | { readonly is: 'volume'; readonly value: string }
  | { readonly is: 'expose'; readonly value: string }
  | { readonly is: 'entrypoint'; readonly words: readonly string[] }
  | { readonly is: 'healthcheck'; readonly words: readonly string[] }

const FILE = fileURLToPath(new URL('../Dockerfile', import.meta.url))

/** The relay's Dockerfile. Throws at whatever is not understood here, so that nothing is passed over. */
export function readDockerfile(): readonly Step[] {
  return DockerfileParser.parse(readFileSync(FILE, 'utf8')).getInstructions().map(stepOf)
}

function stepOf(instruction: Instruction): Step {
  const words = instruction.getArguments().map((argument) => argument.getValue())
  const [first = '', second = ''] = words
  switch (instruction.getKeyword()) {
    case 'FROM': {
      const from = instruction as From
      return { is: 'from', image: from.getImage() ?? '', as: from.getBuildStage() ?? undefined }
    }
    case 'WORKDIR':
      return { is: 'workdir', path: first }
    case 'COPY': {
      const flags = (instruction as Copy).getFlags()
      const from = flags.find((flag) => flag.getName() === 'from')?.getValue() ?? undefined
      const [source = '', target = '', ...more] = words.filter((word) => !word.startsWith('--'))
      if (more.length > 0) throw new Error('COPY with several sources is not carried out here.')
      return { is: 'copy', from, source, target }
    }
    case 'RUN':
      return { is: 'run', command: instruction.getArgumentsContent() ?? '' }
    case 'ENV': {
      const [name = '', value = ''] = (instruction.getArgumentsContent() ?? '').split('=')
      return { is: 'env', name, value }
    }
    case 'USER':
      return { is: 'user', value: first }
    case 'VOLUME':
      return { is: 'volume', value: first }
    case 'EXPOSE':
      return { is: 'expose', value: first }
    case 'ENTRYPOINT':
      return { is: 'entrypoint', words: jsonOf(instruction.getArgumentsContent()) }
    case 'HEALTHCHECK': {
      const command = (instruction as Healthcheck).getSubcommand()?.getValue()
      if (command !== 'CMD') throw new Error('HEALTHCHECK without CMD is not carried out here.')
      return { is: 'healthcheck', words: jsonOf(/CMD\s+(\[.*\])/s.exec(instruction.getArgumentsContent() ?? '')?.[1]) }
    }
    default:
      throw new Error(`${instruction.getKeyword()} ${second} is not carried out here.`)
  }
}

/** Words in the form that no shell sees. */
function jsonOf(text: string | null | undefined): readonly string[] {
  const words: unknown = JSON.parse(text ?? '')
  if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words
  throw new Error('A command is not in the form of JSON.')
}
