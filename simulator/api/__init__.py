"""The provider's own face over HTTP: subscriptions are managed here, and the objects of simulated tenants read back.

    request ─► gate (who, whose, how often) ─► subscriptions ─► engine
                                            └► objects ───────► the simulated tenants

Paths, envelopes and objects are those of the profile, so nothing here names a provider. Knows nothing of the
simulator's other faces.
"""
