"""The vault: clips that were uploaded, kept under the digest of their bytes where every worker reaches them."""
