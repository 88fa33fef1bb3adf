"""What gateways share while calls run: holds, throttles and counters. In memory for one gateway."""
