"""The figures of the engine, each beside a plain reference and two peers measured in the same run."""
