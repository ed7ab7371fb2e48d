"""The scenario language: YAML in, a checked and resolved `Scenario` out, and the judging of its expectations.

`load.load_scenario` is the door for files, `expect.judge` the one for expectations, `schema.json_schema` what an
editor reads. Nothing is imported here, so that a command line can ask for help without paying for the models.

    text -> source (data and positions) -> draft (entries) -> check (with the profile) -> resolve -> Scenario
"""
