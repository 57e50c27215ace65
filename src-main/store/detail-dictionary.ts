/**
 * What call details usually look like, for zstd: usage objects of the four vendors and our own field names. The bytes
 * are part of the file format (block kind 2): a change needs a new constant and a new kind.
 */
export const detailDictionary1 = Buffer.from(
  [
    '{"texts":{"callerDialect":"","upstreamDialect":"","endpoint":""},"startedAt":17',
    '"losses":[{"path":"messages[0].content[0]","reason":"',
    '"error":{"message":"Incorrect API key provided","providerType":"invalid_request_error","providerCode":"',
    '"error":{"message":"","providerType":null,"providerCode":null}',
    '"error":{"message":"Overloaded","providerType":"overloaded_error","providerCode":null}',
    '"rawUsage":{"promptTokenCount":8,"candidatesTokenCount":22,"totalTokenCount":30,"promptTokensDetails":[{"modality":"TEXT","tokenCount":8}],"thoughtsTokenCount":27}',
    '"rawUsage":{"input_tokens":36,"input_tokens_details":{"cached_tokens":0},"output_tokens":87,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":123}',
    '"rawUsage":{"prompt_tokens":19,"completion_tokens":10,"total_tokens":29,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}',
    '"rawUsage":{"input_tokens":25,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":15,"service_tier":"standard","server_tool_use":{"web_search_requests":0}}',
    '"traceId":"","parentSpanId":"","servedModel":"gemini-","servedModel":"gpt-4o-mini-2024-07-18","servedModel":"claude-',
    '"responseId":"resp_","responseId":"msg_01","responseId":"chatcmpl-',
    '"finishReason":"end_turn","finishReason":"tool_use","finishReason":"tool_calls","finishReason":"max_tokens","finishReason":"length","finishReason":"STOP","finishReason":"stop"',
    '"serviceTier":"standard","serviceTier":"default","providerCostNanoUsd":',
    '"attempts":[{"atMs":1,"durationMs":12,"status":429,"requestId":"req_","error":null},{"atMs":0,"durationMs":1,"status":200,"requestId":null,"error":null}]}',
  ].join(','),
);
