/** The package that has sherpa-onnx's binary for this machine; it calls Windows `win`. */
export function sherpaPlatformPackage(): string {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  return `sherpa-onnx-${platform}-${process.arch}`;
}
