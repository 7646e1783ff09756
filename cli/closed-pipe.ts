/** A reader that has seen enough (`npm run models | head`) is no error: the program ends without a word. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
