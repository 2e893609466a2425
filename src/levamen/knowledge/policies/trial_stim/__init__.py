"""TRIAL-STIM: randomized trial of screening trials."""
