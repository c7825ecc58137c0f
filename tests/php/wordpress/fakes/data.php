<?php

/**
 * Fakes of what holds data in WooCommerce.
 */

declare(strict_types=1);

require_once ABSPATH . 'wp-admin/includes/post.php'; // has_meta

class WC_Meta_Data
{
    protected array $current_data;
    protected array $data;

    public function __construct(array $data)
    {
        $this->current_data = $this->data = $data;
    }

    public function __get(string $name)
    {
        return $this->current_data[$name] ?? null;
    }

    public function __set(string $name, $value): void
    {
        $this->current_data[$name] = $value;
    }

    /** As in WooCommerce: what was stored, whatever was changed since. */
    public function get_data(): array
    {
        return $this->data;
    }

    public function apply_changes(): void
    {
        $this->data = $this->current_data;
    }
}

abstract class WC_Data
{
    protected int $id = 0;
    protected array $props = [];
    protected ?array $meta = null;

    public function get_id(): int
    {
        return $this->id;
    }

    public function read_meta_data($force = false): void
    {
        if ($force) {
            wp_cache_delete($this->id, 'post_meta');
            $this->meta = null;
        }
        if ($this->meta === null) {
            $this->meta = [];
            foreach (has_meta($this->id) as $row) {
                if ($row['meta_key'] !== '_fake') {
                    $this->meta[] = new WC_Meta_Data(['id' => (int) $row['meta_id'], 'key' => $row['meta_key'], 'value' => $row['meta_value']]);
                }
            }
        }
    }

    public function get_meta_data(): array
    {
        $this->read_meta_data();
        return array_values(array_filter($this->meta, static function (WC_Meta_Data $meta): bool {
            return $meta->value !== null;
        }));
    }

    public function get_meta($key)
    {
        foreach ($this->get_meta_data() as $meta) {
            if ($meta->key === $key) {
                return $meta->value;
            }
        }
        return '';
    }

    public function update_meta_data($key, $value): void
    {
        $this->read_meta_data();
        foreach ($this->meta as $meta) {
            if ($meta->key === $key) {
                $meta->value = $value;
                return;
            }
        }
        $this->meta[] = new WC_Meta_Data(['id' => 0, 'key' => $key, 'value' => $value]);
    }

    public function delete_meta_data($key): void
    {
        $this->read_meta_data();
        foreach ($this->meta as $meta) {
            if ($meta->key === $key) {
                $meta->value = null;
            }
        }
    }

    public function save_meta_data(): void
    {
        foreach ($this->meta ?? [] as $meta) {
            if ($meta->id && $meta->value === null) {
                delete_metadata_by_mid('post', $meta->id);
            } elseif ($meta->id && $meta->get_data()['value'] !== $meta->value) {
                update_metadata_by_mid('post', $meta->id, $meta->value, $meta->key);
            } elseif (!$meta->id && $meta->value !== null) {
                $meta->id = add_metadata('post', $this->id, $meta->key, wp_slash($meta->value));
            }
            $meta->apply_changes();
        }
    }

    public function save(): int
    {
        update_post_meta($this->id, '_fake', wp_slash(wp_json_encode($this->props)));
        $this->save_meta_data();
        return $this->id;
    }
}
