"""Codes that show the time to a lens: what stands in them, how they are proven, what a film of them proves.

`docs/formats/time-code.md`. Pure: keys, texts and sightings in; texts, proofs and judgements out.
"""
