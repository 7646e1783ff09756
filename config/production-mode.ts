/**
 * Import this before anything of LiveKit: its media library logs every stream that it ignores, to
 * standard output, unless NODE_ENV says production when the library is loaded.
 */
process.env.NODE_ENV ??= 'production';
