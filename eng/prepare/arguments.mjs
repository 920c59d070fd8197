// Whether the arguments and the environment leave it to us what to serve.

const answersAndExits = new Set(['--help', '-h', '-?', '/?', '--version']);

export function wantsDefaultModels(args, environment) {
  const namesRepository = args.some(a => a === '--repository' || a.startsWith('--repository=') || a.startsWith('--repository:'));
  const configured = Object.keys(environment).some(key => /^serving__repository(__\d+)?$/i.test(key) && environment[key] !== '');
  const isCommand = args.length > 0 && !args[0].startsWith('-');
  return !namesRepository && !configured && !isCommand && !args.some(a => answersAndExits.has(a));
}
