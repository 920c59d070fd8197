/**
 * @typedef {{ name: string, datatype: string, shape: number[], data: unknown }} RestInput
 * @typedef {{ inputs: RestInput[] }} RestBody
 */

/** Where each type's values go in InferTensorContents. @type {Record<string, string>} */
const fields = {
  BOOL: 'bool_contents',
  INT8: 'int_contents', INT16: 'int_contents', INT32: 'int_contents', INT64: 'int64_contents',
  UINT8: 'uint_contents', UINT16: 'uint_contents', UINT32: 'uint_contents', UINT64: 'uint64_contents',
  FP32: 'fp32_contents', FP64: 'fp64_contents',
};

/**
 * The request of REST as the message of gRPC.
 * @param {string} model
 * @param {RestBody} body
 */
export function toGrpc(model, body) {
  return {
    model_name: model,
    inputs: body.inputs.map(({ name, datatype, shape, data }) => {
      const field = fields[datatype];
      if (field === undefined) {
        throw new Error(`Input '${name}': ${datatype} cannot be sent over gRPC by this script; known are ${Object.keys(fields).join(', ')}.`);
      }

      return { name, datatype, shape, contents: { [field]: [data].flat(Infinity) } };
    }),
  };
}
