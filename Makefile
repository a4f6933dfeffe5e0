# Every command works without make too: python3 dev.py run
.PHONY: run test lint bench faults i18n

run test lint bench faults i18n:
	@python3 dev.py $@
