import { registerHooks } from 'node:module';

// Node runs TypeScript as it stands, but our sources name each other as the compiled files they become elsewhere.
registerHooks({
  resolve(specifier, context, next) {
    const isOurs = specifier.startsWith('.') && context.parentURL?.endsWith('.ts');
    return next(isOurs ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});
