<?php

/**
 * Fakes of Action Scheduler: actions are rows of an option, and run only when a test says so.
 */

declare(strict_types=1);

function fake_actions(?array $actions = null): array
{
    wp_cache_delete('fake_actions', 'options');
    wp_cache_delete('alloptions', 'options');
    if ($actions !== null) {
        update_option('fake_actions', $actions, false);
    }
    return (array) get_option('fake_actions', []);
}

function as_schedule_single_action($time, $hook, $args = [], $group = '')
{
    return count(fake_actions(array_merge(fake_actions(), [['time' => $time, 'hook' => $hook, 'args' => $args, 'group' => $group]])));
}

function as_enqueue_async_action($hook, $args = [], $group = '', $unique = false)
{
    return as_schedule_single_action(0, $hook, $args, $group);
}

function as_schedule_recurring_action($time, $interval, $hook, $args = [], $group = '')
{
    return as_schedule_single_action($time, $hook, $args, $group);
}

function as_next_scheduled_action($hook, $args = null, $group = '')
{
    foreach (fake_actions() as $action) {
        if ($action['hook'] === $hook && $action['args'] === $args) {
            return $action['time'] ?: true;
        }
    }
    return false;
}

function as_get_scheduled_actions($query, $format = OBJECT): array
{
    return array_keys(array_filter(fake_actions(), static function (array $action) use ($query): bool {
        return $action['hook'] === $query['hook'] && $action['args'] === $query['args'];
    }));
}

function as_unschedule_all_actions($hook, $args = [], $group = ''): void
{
    fake_actions(array_values(array_filter(fake_actions(), static function (array $action) use ($hook, $args, $group): bool {
        $isSame = $hook === '' ? $action['group'] === $group : $action['hook'] === $hook && $action['args'] === $args;
        return !$isSame;
    })));
}
